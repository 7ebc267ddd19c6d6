import { ApiProperty } from '@nestjs/swagger';
import { OrderStatus } from '../../../shared/order/interfaces/order.interface';

/** Where an order is, and where it may go from there. */
export class OrderFulfilmentDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: OrderStatus, enumName: 'OrderStatus' })
  status!: OrderStatus;

  @ApiProperty({ enum: OrderStatus, enumName: 'OrderStatus', isArray: true })
  next!: OrderStatus[];
}
