import { UserEntity } from '../modules/user/entities/user.entity';
const dto = { entities: { user: 1 } };
export default new DataSource({ type: 'postgres', entities: [UserEntity] });
//// after
import { UserEntity } from '../modules/user/entities/user.entity';
import { ProductEntity } from '../modules/product/entities/product.entity';
import { TagEntity } from '../modules/tag/entities/tag.entity';
const dto = { entities: { user: 1 } };
export default new DataSource({
  type: 'postgres',
  entities: [UserEntity, ProductEntity, TagEntity],
});
