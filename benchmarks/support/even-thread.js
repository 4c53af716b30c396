// A bare timer: a thread that does nothing but sleep until each moment of an even schedule, and note when it woke. What it is
// late by is the machine's. On any message it tells its parent what it has noted, and ends.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { now } from '../../dist/base/clock.js';

const nobody = new Int32Array(new SharedArrayBuffer(4));
const woken = [];
for (let due = now(); receiveMessageOnPort(parentPort) === undefined; due += workerData) {
  for (let left; (left = due - now()) > 0; ) Atomics.wait(nobody, 0, 0, left);
  woken.push(now());
}
parentPort.postMessage(woken, []);
