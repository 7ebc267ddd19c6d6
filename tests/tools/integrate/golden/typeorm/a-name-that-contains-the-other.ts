import { ProductTagEntity } from './product-tag';
export const s = { entities: [ProductTagEntity] };
//// after
import { ProductTagEntity } from './product-tag';
import { ProductEntity } from '../modules/product/entities/product.entity';
import { TagEntity } from '../modules/tag/entities/tag.entity';
export const s = { entities: [ProductTagEntity, ProductEntity, TagEntity] };
