import { Body, Controller, Get, Header, Module, Post, Redirect, Sse, UseGuards } from '@nestjs/common';
import type { RequestContext } from 'hallpass/server';
import { interval, map, type Observable, take } from 'rxjs';
import { type Data, theme } from './options.js';
import { SignedIn, Visitor } from './visitor.js';

@Controller('api')
class Desk {
  @Get('me')
  async me(@Visitor() visitor: RequestContext<Data>) {
    const session = await visitor.session();
    session.update('visits', (visits = 0) => visits + 1);
    return {
      user: session.user ?? null,
      visits: session.get('visits'),
      flash: session.flash('greeting') ?? null,
      boomed: session.get('boomed') ?? null,
    };
  }

  @Post('login')
  @Redirect('/api/me', 303)
  async login(@Visitor() visitor: RequestContext<Data>, @Body('user') user: string) {
    const session = await visitor.session();
    session.login(user);
    session.flash('greeting', 'welcome');
  }

  @Post('logout')
  async logout(@Visitor() visitor: RequestContext<Data>) {
    (await visitor.session()).logout();
    return { signedOut: true };
  }

  @Get('private')
  @UseGuards(SignedIn)
  async private(@Visitor() visitor: RequestContext<Data>) {
    return { user: await visitor.user() };
  }

  @Get('redirect')
  @Header('set-cookie', 'own=1')
  @Redirect('/api/me')
  redirect(@Visitor() visitor: RequestContext<Data>) {
    visitor.cookies.set(theme, 'dark');
  }

  @Get('boom')
  async boom(@Visitor() visitor: RequestContext<Data>) {
    const session = await visitor.session();
    session.login('mallory');
    session.set('boomed', true);
    visitor.cookies.set(theme, 'broken');
    throw new Error('boom');
  }

  @Sse('sse')
  async events(@Visitor() visitor: RequestContext<Data>): Promise<Observable<{ data: string }>> {
    const user = await visitor.user();
    return interval(100).pipe(
      take(3),
      map((sent) => ({ data: `${user} ${sent + 1}` })),
    );
  }
}

@Module({ controllers: [Desk] })
export class App {}
