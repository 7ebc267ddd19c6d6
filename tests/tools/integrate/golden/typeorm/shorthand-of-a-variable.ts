import { UserEntity } from '../modules/user/entities/user.entity';
const entities = [UserEntity];
export default new DataSource({ type: 'x', entities });
//// after
import { UserEntity } from '../modules/user/entities/user.entity';
import { ProductEntity } from '../modules/product/entities/product.entity';
import { TagEntity } from '../modules/tag/entities/tag.entity';
const entities = [UserEntity, ProductEntity, TagEntity];
export default new DataSource({ type: 'x', entities });
