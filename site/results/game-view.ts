// The moving figure of a game on the page. It stands still where the visitor's system asks for stillness.
import { drawGame, type Game } from '../../figures/game.ts';
import { PAGE_THEME } from './colours.ts';
import { make } from './make.ts';

export function renderGame(game: Game): HTMLElement {
  const picture = make('div', { class: 'game' });
  const button = make('button', { type: 'button' });
  const show = (moving: boolean) => {
    picture.innerHTML = drawGame(game, PAGE_THEME, moving);
    button.textContent = moving ? 'Stop' : 'Play';
  };
  button.onclick = () => show(button.textContent === 'Play');
  show(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  return make('figure', { class: 'chart' }, picture, button);
}
