import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { App } from './app.js';
import { pass } from './pass.js';

const app = await NestFactory.create(App, { logger: false });
app.use(pass);
await app.listen(Number(process.env.PORT), 'localhost');
