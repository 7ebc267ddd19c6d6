import { UserEntity } from '../modules/user/entities/user.entity';
export const settings = { type: 'postgres', entities: [UserEntity] };
//// after
import { UserEntity } from '../modules/user/entities/user.entity';
import { ProductEntity } from '../modules/product/entities/product.entity';
import { TagEntity } from '../modules/tag/entities/tag.entity';
export const settings = { type: 'postgres', entities: [UserEntity, ProductEntity, TagEntity] };
