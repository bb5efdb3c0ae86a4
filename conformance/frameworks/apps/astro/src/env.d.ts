declare namespace App {
  interface Locals {
    hallpass: import('hallpass/server').RequestContext<import('./pass').Data>;
  }
}
