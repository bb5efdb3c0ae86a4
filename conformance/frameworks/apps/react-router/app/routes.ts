import { type RouteConfig, route } from '@react-router/dev/routes';

export default [
  route('api/:what', 'routes/api.ts'),
  route('page', 'routes/page.tsx'),
  route('broken', 'routes/broken.ts'),
] satisfies RouteConfig;
