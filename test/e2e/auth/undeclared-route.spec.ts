import { Controller, Get, type DynamicModule, type NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Public, Requires } from '../../../src/access/route-access.js';
import { AppModule } from '../../../src/app.module.js';
import { parseAppConfig } from '../../../src/config/app-config.js';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { basic, Client, ROOT } from '../support/client.js';
import { portOf, removeFolder, temporaryFolder } from '../support/test-app.js';

/** Routes as somebody adds them. */
@Controller('added')
class AddedController {
  @Get('forgotten')
  forgotten(): string {
    return 'open';
  }

  @Public()
  @Get('public')
  open(): string {
    return 'open';
  }

  @Requires('CreateStage', 'service')
  @Get('admins')
  ofAdmins(): string {
    return 'open';
  }
}

let dataDir: string;
let app: NestExpressApplication;

beforeAll(async () => {
  dataDir = await temporaryFolder();
  const config = parseAppConfig({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir });
  const module: DynamicModule = { ...AppModule.forRoot(config), controllers: [AddedController] };
  const quiet: Pick<NestApplicationOptions, 'logger'> = { logger: false };
  app = await NestFactory.create<NestExpressApplication>(module, quiet);
  await app.listen(0, '127.0.0.1');
  await app.get(UserService).save('ann', 'secret', { isAdmin: false });
});

afterAll(async () => {
  await app.close();
  await removeFolder(dataDir);
});

async function statusOf(path: string, authorization: string): Promise<number> {
  return (await new Client({ port: portOf(app) }).request(`GET /added/${path}`, { authorization })).status;
}

it('a route that declares nothing is closed, to administrators too', async () => {
  expect(await statusOf('forgotten', '')).toBe(401);
  expect(await statusOf('forgotten', ROOT)).toBe(500);
});

it('a route is open to whom it declares', async () => {
  const statuses = async (path: string): Promise<number[]> =>
    Promise.all(['', basic('ann', 'secret'), ROOT].map((authorization) => statusOf(path, authorization)));
  expect(await statuses('public')).toEqual([200, 200, 200]);
  expect(await statuses('admins')).toEqual([401, 403, 200]);
});
