const OPTION = '--selectProjects';

/**
 * The projects that Jest's command line selects; empty means all.
 * @param {readonly string[]} args
 */
export function selectedProjects(args) {
  /** @type {string[]} */
  const projects = [];
  let selecting = false;
  for (const arg of args) {
    if (arg.startsWith(`${OPTION}=`)) projects.push(arg.slice(OPTION.length + 1));
    if (arg.startsWith('-')) selecting = arg === OPTION;
    else if (selecting) projects.push(arg);
  }
  return projects;
}

/** @param {readonly string[]} args */
export function onlyUnitTests(args) {
  const projects = selectedProjects(args);
  return projects.length > 0 && projects.every((project) => project === 'unit');
}

/**
 * Whether a project runs that starts the built server.
 * @param {readonly string[]} args
 */
export function runsAgainstServer(args) {
  const projects = selectedProjects(args);
  return projects.length === 0 || projects.some((project) => project === 'acceptance' || project === 'large');
}
