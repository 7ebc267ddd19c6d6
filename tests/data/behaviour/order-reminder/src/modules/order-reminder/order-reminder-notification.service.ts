import { Injectable, Logger, NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import {
  type OrderNoticeInterface,
  OrderNoticeState,
} from '../../shared/order-notice/interfaces/order-notice.interface';
import { OrderModelService } from '../order/order-model.service';
import { OrderNoticeModelService } from '../order-notice/order-notice-model.service';
import type { OrderReminderCreateDto } from './dtos/order-reminder-create.dto';
import { OrderReminderChannel } from './order-reminder-channel';

/** Each reminder is on record before it leaves, and the record says what became of it. */
@Injectable()
export class OrderReminderNotificationService {
  private readonly logger = new Logger(OrderReminderNotificationService.name);

  constructor(
    private readonly orders: OrderModelService,
    private readonly notices: OrderNoticeModelService,
    private readonly channel: OrderReminderChannel,
  ) {}

  async remind({ orderId, message }: OrderReminderCreateDto): Promise<OrderNoticeInterface> {
    const order = await this.orders.findOne({
      where: { id: orderId },
      relations: { customer: true },
    });
    if (!order?.customer) {
      throw new NotFoundException('There is no such order.');
    }
    const recipient = order.customer.email;
    const { id } = await this.notices.create({ orderId, recipient, message });
    try {
      await this.channel.send({ noticeId: id, recipient, text: message });
    } catch (error) {
      this.logger.warn(`Reminder ${id} was not sent: ${String(error)}`);
      await this.notices.update({ id, state: OrderNoticeState.Failed });
      throw new ServiceUnavailableException('The reminder is on record and could not be sent.');
    }
    return this.notices.update({ id, state: OrderNoticeState.Sent });
  }
}
