import type {
  CrudCreateManyInterface,
  CrudRequestInterface,
  CrudResponsePaginatedInterface,
} from '@concepta/nestjs-crud';
import type { ReferenceIdInterface } from '@concepta/ts-core';
import type { DeepPartial, ObjectLiteral } from 'typeorm';
import type { Caller } from '../access/caller';
import type { TypeOrmCrudAdapter } from './typeorm-crud.adapter';

/** What the routes of an entity do. Override a method to add business rules to one. */
export abstract class CrudService<T extends ReferenceIdInterface & ObjectLiteral> {
  constructor(protected readonly crudAdapter: TypeOrmCrudAdapter<T>) {}

  getMany(
    request: CrudRequestInterface,
    caller: Caller,
  ): Promise<CrudResponsePaginatedInterface<T>> {
    return this.crudAdapter.getMany(request, caller);
  }

  getOne(request: CrudRequestInterface, caller: Caller): Promise<T> {
    return this.crudAdapter.getOne(request, caller);
  }

  createOne(request: CrudRequestInterface, data: DeepPartial<T>, caller: Caller): Promise<T> {
    return this.crudAdapter.createOne(request, data, caller);
  }

  createMany(
    request: CrudRequestInterface,
    data: CrudCreateManyInterface<DeepPartial<T>>,
    caller: Caller,
  ): Promise<T[]> {
    return this.crudAdapter.createMany(request, data, caller);
  }

  updateOne(request: CrudRequestInterface, data: DeepPartial<T>, caller: Caller): Promise<T> {
    return this.crudAdapter.updateOne(request, data, caller);
  }

  deleteOne(request: CrudRequestInterface, caller: Caller): Promise<void> {
    return this.crudAdapter.deleteOne(request, caller);
  }

  recoverOne(request: CrudRequestInterface, caller: Caller): Promise<T> {
    return this.crudAdapter.recoverOne(request, caller);
  }
}
