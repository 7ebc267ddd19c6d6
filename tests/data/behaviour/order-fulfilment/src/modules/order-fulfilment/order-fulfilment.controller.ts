import {
  AccessControlQuery,
  AccessControlReadOne,
  AccessControlUpdateOne,
} from '@concepta/nestjs-access-control';
import { Body, Controller, Get, Param, ParseUUIDPipe, Patch } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import { OrderAccessQueryService } from '../order/order-access-query.service';
import { OrderFulfilmentResource } from './constants/order-fulfilment.constants';
import { OrderFulfilmentDto } from './dtos/order-fulfilment.dto';
import { OrderTransitionDto } from './dtos/order-transition.dto';
import { OrderFulfilmentStateMachineService } from './order-fulfilment-state-machine.service';

/** The id is an order's: who may touch the order is decided as on its own routes. */
@ApiTags('order-fulfilment')
@ApiBearerAuth()
@AccessControlQuery({ service: OrderAccessQueryService })
@Controller('order-fulfilment')
export class OrderFulfilmentController {
  constructor(private readonly stateMachine: OrderFulfilmentStateMachineService) {}

  @Get(':id')
  @AccessControlReadOne(OrderFulfilmentResource.One)
  @ApiOkResponse({ type: OrderFulfilmentDto })
  @ApiNotFoundResponse()
  show(@Param('id', ParseUUIDPipe) id: string): Promise<OrderFulfilmentDto> {
    return this.stateMachine.show(id);
  }

  @Patch(':id')
  @AccessControlUpdateOne(OrderFulfilmentResource.One)
  @ApiOkResponse({ type: OrderFulfilmentDto })
  @ApiBadRequestResponse({ description: 'There is no such status.' })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'The order may not go there from where it is.' })
  transition(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { to }: OrderTransitionDto,
  ): Promise<OrderFulfilmentDto> {
    return this.stateMachine.transition(id, to);
  }
}
