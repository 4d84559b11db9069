import { startApproved } from "./approved";
import { Desk } from "./desk";
import { startKeys } from "./keys";
import { startMany } from "./many";

const element = document.querySelector<HTMLElement>("inbox-desk");
if (element) {
  const desk = new Desk(element);
  startKeys(desk, startMany(desk));
  startApproved(desk);
}
