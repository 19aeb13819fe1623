/* Comes from a link in another site: asks for the desk again, from here, with the cookie. */

import { enter } from "./api.js";

enter();
