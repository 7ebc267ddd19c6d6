import { Module } from '@nestjs/common';
import { OrderModule } from '../order/order.module';
import { OrderNoticeModule } from '../order-notice/order-notice.module';
import { LogOrderReminderChannel, OrderReminderChannel } from './order-reminder-channel';
import { OrderReminderNotificationService } from './order-reminder-notification.service';
import { OrderReminderController } from './order-reminder.controller';

@Module({
  imports: [OrderModule, OrderNoticeModule],
  controllers: [OrderReminderController],
  providers: [
    OrderReminderNotificationService,
    { provide: OrderReminderChannel, useClass: LogOrderReminderChannel },
  ],
  exports: [OrderReminderNotificationService],
})
export class OrderReminderModule {}
