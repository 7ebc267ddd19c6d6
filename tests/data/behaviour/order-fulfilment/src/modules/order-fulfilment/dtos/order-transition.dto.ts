import { ApiProperty } from '@nestjs/swagger';
import { IsEnum } from 'class-validator';
import { OrderStatus } from '../../../shared/order/interfaces/order.interface';

export class OrderTransitionDto {
  @IsEnum(OrderStatus)
  @ApiProperty({ enum: OrderStatus, enumName: 'OrderStatus' })
  to!: OrderStatus;
}
