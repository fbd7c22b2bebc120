import { answerQuestions } from '../../threads/answer-questions.js';
import { fileStats } from './file-stats.js';
import { NUMBERS_A_FILE, type StatAnswer, type StatRequest } from './stat-request.js';

/** A stat thread: it looks the files of a listing up while the server makes an answer of those before them. */
answerQuestions(({ directory, names }: StatRequest): StatAnswer => {
  const numbers = new Float64Array(names.length * NUMBERS_A_FILE);
  names.forEach((name, index) => {
    const stats = fileStats(directory + name);
    const facts = stats === undefined ? [-1, 0, 0] : [stats.size, stats.mtimeMs, stats.ino];
    numbers.set(facts, index * NUMBERS_A_FILE);
  });
  return numbers;
});
