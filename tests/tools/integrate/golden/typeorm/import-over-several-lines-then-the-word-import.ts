import {
  UserEntity,
  RoleEntity,
} from './user'; // import more here
// import this later
const lazy = () => import('./lazy');
export const settings = { entities: [UserEntity] };
//// after
import {
  UserEntity,
  RoleEntity,
} from './user'; // import more here
import { ProductEntity } from '../modules/product/entities/product.entity';
import { TagEntity } from '../modules/tag/entities/tag.entity';
// import this later
const lazy = () => import('./lazy');
export const settings = { entities: [UserEntity, ProductEntity, TagEntity] };
