// @ts-check
/**
 * A rule for ESLint: what a person reads stands in the catalogue (src/text), in Swedish and in English, and nowhere else. It looks at
 * the syntax: text and spoken attributes in markup, what an expression there may become, what is handed to a screen, and prose anywhere.
 */

/** Attributes that are read or heard. */
const READ = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'aria-valuetext',
  'label',
  'placeholder',
  'summary',
  'title',
]);
/** Properties of elements that are read, and calls that say something. */
const SHOWN = new Set(['alt', 'ariaLabel', 'innerText', 'placeholder', 'textContent', 'title']);
const SAYING = new Set(['alert', 'confirm', 'did', 'prompt', 'say']);
/** Where a text is for who reads the code or its log. */
const FOR_DEVELOPERS = /(Error|Exception|Malformed|TooLarge)$/;

const LETTER = /\p{L}/u;
const PROSE = [/[åäöÅÄÖ]/, /^\p{Lu}\p{Ll}+[,.:]?( \S+)+$/u, /\p{L}{2,} \p{L}{2,} \p{L}{2,}/u, /^\p{Lu}\p{Ll}+[.!?]$/u];
const isProse = (/** @type {string} */ text) => PROSE.some((like) => like.test(text.trim()));

/** @typedef {any} Node An ESTree or Svelte node: the two parsers have no types in common. */

/** What an expression may become, as far as it is written out. @param {Node} node @returns {Node[]} */
function outcomes(node) {
  switch (node?.type) {
    case 'ConditionalExpression':
      return [...outcomes(node.consequent), ...outcomes(node.alternate)];
    case 'LogicalExpression':
    case 'BinaryExpression':
      return node.type === 'LogicalExpression' || node.operator === '+'
        ? [...outcomes(node.left), ...outcomes(node.right)]
        : [];
    case 'TemplateLiteral':
      return [...node.quasis, ...node.expressions.flatMap(outcomes)];
    case 'ArrayExpression':
      return node.elements.flatMap(outcomes);
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return outcomes(node.expression);
    case 'Literal':
      return [node];
    default:
      return [];
  }
}

/** @param {Node} node */
const textOf = (node) =>
  node.type === 'TemplateElement' ? node.value.cooked : typeof node.value === 'string' ? node.value : '';

/** Whether a text stands where no person meets it. @param {Node} node @returns {boolean} */
function isForDevelopers(node) {
  const { parent } = node;
  if (!parent) return false;
  if (/^(Import|Export)|^TS(Literal|Enum|External)|^ExpressionStatement$/.test(parent.type)) return true;
  if (parent.type === 'Property' && parent.key === node) return true;
  if (parent.type === 'BinaryExpression' && /^[!=]==?$/.test(parent.operator)) return true;
  if (parent.type === 'SwitchCase') return true;
  if (/^(New|Call)Expression$/.test(parent.type) && FOR_DEVELOPERS.test(nameOf(parent.callee))) return true;
  return /^(Template|Binary|Conditional|Logical)/.test(parent.type) && isForDevelopers(parent);
}

/** @param {Node} callee @returns {string} */
const nameOf = (callee) => callee.name ?? callee.property?.name ?? '';

/** @type {import('eslint').Rule.RuleModule} */
const inCatalogue = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object', properties: { names: { type: 'object' } }, additionalProperties: false }],
    messages: { outside: '"{{text}}" is read by people: put it into the catalogue, src/text, in Swedish and English' },
  },
  create(context) {
    const names = Object.keys(context.options[0]?.names ?? {});
    const told = new Set();
    /** @param {Node} node @param {(text: string) => boolean} when */
    const tell = (node, when) => {
      const text = names.reduce((left, name) => left.replaceAll(name, ''), textOf(node)).trim();
      if (!when(text) || told.has(node)) return;
      told.add(node);
      context.report({ node, messageId: 'outside', data: { text: textOf(node).trim().replace(/\s+/g, ' ') } });
    };
    const hasLetters = (/** @type {string} */ text) => LETTER.test(text);
    /** @param {Node} expression */
    const shown = (expression) => outcomes(expression).forEach((node) => tell(node, hasLetters));
    /** @param {Node} node */
    const prose = (node) => {
      if (!isForDevelopers(node.type === 'TemplateElement' ? node.parent : node)) tell(node, isProse);
    };
    return /** @type {import('eslint').Rule.RuleListener} */ ({
      /** @param {Node} node */
      SvelteText(node) {
        // Code is for typing as it stands.
        const code = node.parent.type === 'SvelteElement' && node.parent.name.name === 'code';
        if (!code && !/^Svelte(Style|Script)Element$/.test(node.parent.type)) tell(node, hasLetters);
      },
      /** @param {Node} node */
      SvelteAttribute(node) {
        const read = READ.has(node.key.name);
        const component = node.parent.parent.kind === 'component';
        for (const value of node.value)
          if (value.type === 'SvelteLiteral') tell(value, read ? hasLetters : component ? isProse : () => false);
          else if (read) shown(value.expression);
      },
      /** @param {Node} node */
      SvelteMustacheTag(node) {
        if (node.parent.type !== 'SvelteAttribute') shown(node.expression);
      },
      /** @param {Node} node */
      AssignmentExpression(node) {
        if (SHOWN.has(node.left.property?.name)) shown(node.right);
      },
      /** @param {Node} node */
      CallExpression(node) {
        const name = nameOf(node.callee);
        if (SAYING.has(name)) node.arguments.forEach(shown);
        if (name === 'setAttribute' && READ.has(textOf(node.arguments[0] ?? {}))) shown(node.arguments[1]);
      },
      Literal: prose,
      TemplateElement: prose,
    });
  },
};

export default { rules: { 'in-catalogue': inCatalogue } };
