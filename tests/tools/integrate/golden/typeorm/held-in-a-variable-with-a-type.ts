import { UserEntity } from '../modules/user/entities/user.entity';
const list = [UserEntity] as const satisfies readonly unknown[];
export const settings = { type: 'postgres', entities: list };
//// after
import { UserEntity } from '../modules/user/entities/user.entity';
import { ProductEntity } from '../modules/product/entities/product.entity';
import { TagEntity } from '../modules/tag/entities/tag.entity';
const list = [UserEntity, ProductEntity, TagEntity] as const satisfies readonly unknown[];
export const settings = { type: 'postgres', entities: list };
