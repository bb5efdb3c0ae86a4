import '../../lib/store';
import type { NextRequest } from 'next/server';

export const GET = ({ nextUrl }: NextRequest) =>
  Response.json({ reads: globalThis.reads?.get(nextUrl.searchParams.get('of') ?? '') ?? 0 });
