import { Module } from '@nestjs/common';
import { OrderModule } from '../order/order.module';
import { OrderFulfilmentStateMachineService } from './order-fulfilment-state-machine.service';
import { OrderFulfilmentController } from './order-fulfilment.controller';

@Module({
  imports: [OrderModule],
  controllers: [OrderFulfilmentController],
  providers: [OrderFulfilmentStateMachineService],
  exports: [OrderFulfilmentStateMachineService],
})
export class OrderFulfilmentModule {}
