import { A } from 'a'; const b = 1;
export const s = { entities: [] };
//// after
import { A } from 'a';
import { ProductEntity } from '../modules/product/entities/product.entity';
import { TagEntity } from '../modules/tag/entities/tag.entity';
 const b = 1;
export const s = { entities: [ProductEntity, TagEntity] };
