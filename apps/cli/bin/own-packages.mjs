// Lets a strategy in any folder import "@tradepulse/*": the name leads to the copies that this command itself uses, so that
// there is one of each. Load it with `node --import` to give tests the same view.
import module from "node:module";

module.registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith("@tradepulse/")) {
      try {
        return next(specifier, { ...context, parentURL: import.meta.url });
      } catch (error) {
        // Not one of ours: perhaps a package that the user has beside the strategy.
        if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
      }
    }
    const found = next(specifier, context);
    // A folder without a package.json, or with one of the older module system, would make Node guess or refuse.
    const isTypeScript = /\.m?ts(?:[?#]|$)/.test(found.url) && !found.url.includes("/node_modules/");
    return isTypeScript && found.format !== "module-typescript" ? { ...found, format: "module-typescript" } : found;
  },
});
