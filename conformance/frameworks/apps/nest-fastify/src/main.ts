import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { App } from './app.js';
import { pass } from './pass.js';

const app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), { logger: false });
await app.register(pass);
await app.listen(Number(process.env.PORT), 'localhost');
