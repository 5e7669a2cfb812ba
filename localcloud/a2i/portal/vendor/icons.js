// Google's Material icons, which hold every icon of the iron-icons set that templates name.

/** The markup of an icon; it rejects when there is none of that name. */
export const icon = (name) =>
  import(`../../../../node_modules/@material-design-icons/svg/filled/${name}.svg`);
