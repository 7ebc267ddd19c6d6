import { DataSource, type DataSourceOptions } from 'typeorm';
import { TrackEntity } from '../features/tracks/track.entity';

const entities = [TrackEntity];

export const options: DataSourceOptions = {
    type: 'postgres',
    host: process.env.PGHOST,
    entities,
    migrations: [`${__dirname}/migrations/*.{ts,js}`],
};

export const AppDataSource = new DataSource(options);
