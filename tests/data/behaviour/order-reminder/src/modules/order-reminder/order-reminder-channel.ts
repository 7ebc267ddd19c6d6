import { Injectable, Logger } from '@nestjs/common';

export interface OrderReminderMessage {
  noticeId: string;
  recipient: string;
  text: string;
}

/** How reminders leave; another transport takes the place of `LogOrderReminderChannel`. */
export abstract class OrderReminderChannel {
  /** Rejects when the message could not be handed over. */
  abstract send(message: OrderReminderMessage): Promise<void>;
}

/** Writes to the application's log, without what is personal in a message. */
@Injectable()
export class LogOrderReminderChannel extends OrderReminderChannel {
  private readonly logger = new Logger(LogOrderReminderChannel.name);

  send({ noticeId, text }: OrderReminderMessage): Promise<void> {
    this.logger.log(`Reminder ${noticeId}: ${text.length} characters`);
    return Promise.resolve();
  }
}
