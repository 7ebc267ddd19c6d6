import { UserEntity } from '../modules/user/entities/user.entity';
const base = [UserEntity];
export const settings = { entities: [...base] };
//// after
import { UserEntity } from '../modules/user/entities/user.entity';
import { ProductEntity } from '../modules/product/entities/product.entity';
import { TagEntity } from '../modules/tag/entities/tag.entity';
const base = [UserEntity];
export const settings = { entities: [...base, ProductEntity, TagEntity] };
