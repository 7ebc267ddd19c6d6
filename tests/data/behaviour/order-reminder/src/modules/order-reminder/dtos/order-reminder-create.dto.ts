import { ApiProperty } from '@nestjs/swagger';
import { IsString, IsUUID, Length } from 'class-validator';

export class OrderReminderCreateDto {
  @IsUUID()
  @ApiProperty({ format: 'uuid' })
  orderId!: string;

  @IsString()
  @Length(1, 2000)
  @ApiProperty({ minLength: 1, maxLength: 2000, example: 'Your order waits for its payment.' })
  message!: string;
}
