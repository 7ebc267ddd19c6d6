import { UserEntity } from './user.js';
export const s = { entities: [UserEntity] };
//// after
import { UserEntity } from './user.js';
import { ProductEntity } from '../modules/product/entities/product.entity.js';
import { TagEntity } from '../modules/tag/entities/tag.entity.js';
export const s = { entities: [UserEntity, ProductEntity, TagEntity] };
