// Google's Material icons, where the iron-icons that templates name come from.

/** The markup of an icon; it rejects when there is none of that name. */
export const icon = (name) =>
  import(`../../../../node_modules/@material-design-icons/svg/filled/${name}.svg`);
