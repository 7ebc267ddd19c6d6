import { ExceptionsFilter } from "@concepta/nestjs-exception"
import { HttpAdapterHost, NestFactory } from "@nestjs/core"
import { AppModule } from "./app.module"

async function bootstrap() {
	const app = await NestFactory.create(AppModule)
	app.useGlobalFilters(new ExceptionsFilter(app.get(HttpAdapterHost)))
	await app.listen(process.env.PORT ?? 3000)
}

void bootstrap()
