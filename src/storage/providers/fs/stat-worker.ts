import { lstatSync } from 'node:fs';
import { answerQuestions } from '../../threads/answer-questions.js';
import { NUMBERS_A_FILE, type StatAnswer, type StatRequest } from './stat-request.js';

/** A stat thread: it looks the files of a listing up while the server makes an answer of those before them. */
answerQuestions(({ directory, names }: StatRequest): StatAnswer => {
  const numbers = new Float64Array(names.length * NUMBERS_A_FILE);
  names.forEach((name, index) => {
    const stats = lstatSync(directory + name, { throwIfNoEntry: false });
    const facts = stats?.isFile() === true ? [stats.size, stats.mtimeMs, stats.ino] : [-1, 0, 0];
    numbers.set(facts, index * NUMBERS_A_FILE);
  });
  return numbers;
});
