export enum OrderReminderResource {
  One = 'order-reminder',
}
