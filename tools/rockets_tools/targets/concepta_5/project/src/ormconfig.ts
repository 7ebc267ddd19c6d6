import { DataSource } from 'typeorm';
import { typeOrmSettings } from './config/typeorm.settings';

/** For the TypeORM command line only; the application gets its connection from AppModule. */
export default new DataSource(typeOrmSettings());
