import { type RouteConfig, route } from '@react-router/dev/routes';

export default [route('api/:what', 'routes/api.ts'), route('page', 'routes/page.tsx')] satisfies RouteConfig;
