import { Outlet, Scripts } from 'react-router';
import { hallpass } from './pass.server';

export const middleware = [hallpass];

export default function App() {
  return (
    <html lang="en">
      <body>
        <Outlet />
        <Scripts />
      </body>
    </html>
  );
}
