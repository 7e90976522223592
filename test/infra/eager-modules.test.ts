import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { insertParentheses, parenthesesAroundModules } from '../../infra/eager-modules.ts';

const withParentheses = (code: string): string =>
  insertParentheses(code, parenthesesAroundModules(code));

test('the function of a CommonJS module is put in parentheses, and each other function stays as it is', () => {
  const code = [
    'import{a as T,b as o}from"./chunk.mjs";var A=T((e,t)=>{t.exports=()=>1}),B=T((e,t)=>{',
    't.exports=A()}),c=o(()=>2,"name"),d=()=>T((e)=>{});function f(){}export{B};',
  ].join('\n');
  strictEqual(
    withParentheses(code),
    [
      'import{a as T,b as o}from"./chunk.mjs";var A=T(((e,t)=>{t.exports=()=>1})),B=T(((e,t)=>{',
      't.exports=A()})),c=o(()=>2,"name"),d=()=>T((e)=>{});function f(){}export{B};',
    ].join('\n'),
  );
});

test('code without CommonJS modules stays as it is', () => {
  for (const code of ['', 'export const a = 1;\n', 'const text = "T((e)=>{})";'])
    strictEqual(withParentheses(code), code);
});

test('a parenthesis names the line and the column at which it is put in', () => {
  deepStrictEqual(parenthesesAroundModules('var a=1,\nb=T(()=>{\n});'), [
    { line: 1, column: 4, text: '(' },
    { line: 2, column: 1, text: ')' },
  ]);
});

test('code that cannot be parsed is an error with the place', () => {
  let said = '';
  try {
    parenthesesAroundModules('var a = ;');
  } catch (error) {
    said = String(error);
  }
  match(said, /\(1:8\)/);
});
