export enum OrderFulfilmentResource {
  One = 'order-fulfilment',
}
