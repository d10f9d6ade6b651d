// Strict typed rules for our TypeScript and the Lit templates in it.
import { configs as lit } from "eslint-plugin-lit";
import { config, configs as ts } from "typescript-eslint";

export default config(
  { ignores: ["node_modules", "dist"] },
  {
    files: ["src/**/*.ts", "vite.config.ts"],
    extends: [...ts.strictTypeChecked, ...ts.stylisticTypeChecked, lit["flat/recommended"]],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "max-lines": ["error", 300],
      "no-console": "error",
      eqeqeq: "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // A method bound by Lit's event syntax is called on its element.
      "@typescript-eslint/unbound-method": "off",
      // Lit writes what has no value as nothing.
      "lit/no-template-arrow": "off",
      "lit/no-invalid-html": "error",
      "lit/no-useless-template-literals": "error",
    },
  },
  {
    // Callbacks of tests are named by the test.
    files: ["src/**/*.test.ts"],
    rules: { "max-lines": "off", "@typescript-eslint/no-non-null-assertion": "off" },
  },
);
