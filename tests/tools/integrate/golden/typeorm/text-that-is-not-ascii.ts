import { UserEntity } from '../modules/user/entities/user.entity';
const größe = '日本語 😀';
export const s = { name: 'é', entities: [UserEntity] };
//// after
import { UserEntity } from '../modules/user/entities/user.entity';
import { ProductEntity } from '../modules/product/entities/product.entity';
import { TagEntity } from '../modules/tag/entities/tag.entity';
const größe = '日本語 😀';
export const s = { name: 'é', entities: [UserEntity, ProductEntity, TagEntity] };
