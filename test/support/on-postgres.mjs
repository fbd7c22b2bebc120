import process from 'node:process';

process.env['STAGEDOOR_TEST_DATABASE'] = 'postgres';
