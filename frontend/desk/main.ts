import { startApproved } from "./approved";
import { Desk } from "./desk";
import { startKeys } from "./keys";
import { startMany } from "./many";
import { Supervisor } from "./supervisor";
import { startThere } from "./there";

const element = document.querySelector<HTMLElement>("inbox-desk");
if (element) {
  const desk = new Desk(element);
  startKeys(desk, startMany(desk));
  startApproved(desk);
  startThere(desk);
}

const wall = document.querySelector<HTMLElement>("supervisor-wall");
if (wall) new Supervisor(wall);
