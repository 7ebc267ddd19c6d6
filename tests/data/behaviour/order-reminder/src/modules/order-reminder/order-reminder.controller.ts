import { AccessControlCreateOne } from '@concepta/nestjs-access-control';
import { Body, Controller, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { plainToInstance } from 'class-transformer';
import { OrderNoticeDto } from '../../shared/order-notice/dtos/order-notice.dto';
import { OrderReminderResource } from './constants/order-reminder.constants';
import { OrderReminderCreateDto } from './dtos/order-reminder-create.dto';
import { OrderReminderNotificationService } from './order-reminder-notification.service';

@ApiTags('order-reminders')
@ApiBearerAuth()
@Controller('order-reminders')
export class OrderReminderController {
  constructor(private readonly notifications: OrderReminderNotificationService) {}

  @Post()
  @AccessControlCreateOne(OrderReminderResource.One)
  @ApiCreatedResponse({ type: OrderNoticeDto })
  @ApiBadRequestResponse()
  @ApiNotFoundResponse()
  @ApiServiceUnavailableResponse({ description: 'On record, but not sent.' })
  async remind(@Body() reminder: OrderReminderCreateDto): Promise<OrderNoticeDto> {
    return plainToInstance(OrderNoticeDto, await this.notifications.remind(reminder));
  }
}
