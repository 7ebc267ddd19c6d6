import { Logger } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

(async () => {
    const app = await NestFactory.create(AppModule);
    const port = app.get(ConfigService).get<number>('PORT', 8080);
    await app.listen(port, () => Logger.log(`port ${port}`));
})();
