import { createFileRoute } from '@tanstack/react-router';
import { breakOff } from '../break-off';

export const Route = createFileRoute('/broken')({ loader: () => breakOff(), component: () => null });
