import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import express, { type Express } from 'express';

/**
 * The HTTP server of an Express application. Express sets the prototype of every request and response, which costs more
 * than all else that it does, because V8 then forgets what it has learned of their shape. Here they are made with these
 * very prototypes, so that there is nothing to set; what runs is Express all the same.
 */
export function expressServer(app: Express): Server {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {}
  app.request = prototypeFor(app, AppRequest.prototype, express.request);
  app.response = prototypeFor(app, AppResponse.prototype, express.response);
  return createServer({ IncomingMessage: AppRequest, ServerResponse: AppResponse }, app);
}

/** Gives a class's prototype what Express's own has. */
function prototypeFor<Own extends object>(app: Express, prototype: object, own: Own): Own {
  return Object.assign(Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(own)), { app }) as Own;
}
