import type { ProductEntity } from './product';
export const s = { entities: [] as ProductEntity[] };
//// after
import type { ProductEntity } from './product';
import { ProductEntity as ProductFeatureEntity } from '../modules/product/entities/product.entity';
import { TagEntity } from '../modules/tag/entities/tag.entity';
export const s = { entities: [ProductFeatureEntity, TagEntity] as ProductEntity[] };
