import type { QueryOptionsInterface } from '@concepta/typeorm-common';
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import type { FindOneOptions } from 'typeorm';
import { type OrderInterface, OrderStatus } from '../../shared/order/interfaces/order.interface';
import type { OrderEntity } from '../order/entities/order.entity';
import { OrderModelService } from '../order/order-model.service';
import type { OrderFulfilmentDto } from './dtos/order-fulfilment.dto';

/** Where an order may go from each of its states. */
const TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  [OrderStatus.New]: [OrderStatus.Paid, OrderStatus.Cancelled],
  [OrderStatus.Paid]: [OrderStatus.Shipped, OrderStatus.Cancelled],
  [OrderStatus.Shipped]: [],
  [OrderStatus.Cancelled]: [],
};

/** The only writer of an order's status. */
@Injectable()
export class OrderFulfilmentStateMachineService {
  constructor(private readonly orders: OrderModelService) {}

  async show(id: string): Promise<OrderFulfilmentDto> {
    return describe(await this.order({ where: { id } }));
  }

  /** The order is locked meanwhile, so that of two moves the second starts where the first led. */
  async transition(id: string, to: OrderStatus): Promise<OrderFulfilmentDto> {
    return this.orders.transaction().commit(async (transaction) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const { status } = await this.order({ where: { id }, lock }, { transaction });
      if (!TRANSITIONS[status].includes(to)) {
        throw new ConflictException(`An order that is ${status} cannot become ${to}.`);
      }
      // Clients may not write the status, so the update interface does not declare it.
      const change: Pick<OrderInterface, 'id' | 'status'> = { id, status: to };
      return describe(await this.orders.update(change, { transaction }));
    });
  }

  private async order(
    options: FindOneOptions<OrderEntity>,
    queryOptions?: QueryOptionsInterface,
  ): Promise<OrderInterface> {
    const order = await this.orders.findOne(options, queryOptions);
    if (!order) {
      throw new NotFoundException('There is no such order.');
    }
    return order;
  }
}

function describe({ id, status }: OrderInterface): OrderFulfilmentDto {
  return { id, status, next: [...TRANSITIONS[status]] };
}
